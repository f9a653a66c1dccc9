/** A number as a reader wants it: at most four significant digits, thousands separated, a power of ten at the extremes. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const magnitude = Math.abs(value);
  const text =
    magnitude !== 0 && (magnitude >= 1e7 || magnitude < 1e-4)
      ? powerOfTen(magnitude)
      : magnitude >= 1000
        ? Math.round(magnitude).toLocaleString("en-US")
        : String(Number(magnitude.toPrecision(4)));
  // A true minus sign is as wide as the digits; −0 is 0.
  return value < 0 && text !== "0" ? `−${text}` : text;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
function powerOfTen(magnitude: number): string {
  const [digits, exponent] = magnitude.toExponential(2).split("e") as [string, string];
  const raised = [...String(Math.abs(Number(exponent)))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `${Number(digits)}×10${exponent.startsWith("-") ? "⁻" : ""}${raised}`;
}

/** A score or probability with three decimals, so that columns line up; more only where those would all be 0. */
export function showScore(score: number): string {
  const magnitude = Math.abs(score);
  if (!(magnitude >= 0.001 && magnitude < 10)) return showNumber(score);
  return `${score < 0 ? "−" : ""}${magnitude.toFixed(3)}`;
}

/** 0.1234 → 12.3 %. */
export function showShare(share: number): string {
  const percent = 100 * share;
  // 99.97 % must not read as all of it, nor 0.02 % as nothing.
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent < 100 && percent > 99.9) return "> 99.9 %";
  return `${Number(percent.toFixed(1))} %`;
}
