import { createCatalogue } from "../../src/container/create-catalogue.js";
import { describeOptimizer } from "../../src/testing/describe-optimizer.js";
import { describeSchedule } from "../../src/testing/describe-schedule.js";

const catalogue = createCatalogue();
for (const optimizer of catalogue.list("optimizer")) describeOptimizer(optimizer);
for (const schedule of catalogue.list("schedule")) describeSchedule(schedule);
