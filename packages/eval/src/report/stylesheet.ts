import { HUES } from "./palette.js";

const hues = (list: readonly string[]) => list.map((hue, index) => `--h${index}:${hue}`).join(";");
const hueRules = HUES.light
  .map((_, index) => `.h${index}{fill:var(--h${index})}.curve.h${index}{fill:none;stroke:var(--h${index})}`)
  .join("");

// Shades 0 … 8 of the confusion matrix: a mix of the page and the accent. From 5 on the text is turned over to stay readable.
const shades = Array.from({ length: 9 }, (_, level) => {
  const mix = `color-mix(in srgb,var(--accent) ${level === 0 ? 0 : 8 + level * 11}%,var(--panel))`;
  return `.s${level}{background:${mix};color:var(${level >= 5 ? "--on-accent" : "--text"})}.f${level}{fill:${mix}}`;
}).join("");

// Ten lines of equal value, the stronger the higher.
const levels = Array.from({ length: 10 }, (_, at) => `.v${at}{stroke-opacity:${(0.25 + at / 12).toFixed(2)}}`).join("");

/** The only style sheet of the report. System fonts, no external address, dark where the reader prefers it, light on paper. */
export const STYLESHEET = `
:root{color-scheme:light;--page:#f6f7f9;--panel:#fff;--text:#1b1f24;--soft:#59626d;--line:#d5dae0;--grid:#e7eaee;--accent:#0063a6;--on-accent:#fff;--good:#00684a;--bad:#a63600;--warn:#fff4d6;--warn-line:#b98900;${hues(HUES.light)}}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--page:#12151a;--panel:#1b2027;--text:#e8ebef;--soft:#a4adb8;--line:#39424d;--grid:#2a313a;--accent:#7cc0ff;--on-accent:#0b1520;--good:#5fd6ab;--bad:#ffa474;--warn:#332a10;--warn-line:#c9a227;${hues(HUES.dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem 1rem 3rem;display:grid;gap:1rem;grid-template-columns:repeat(2,minmax(0,1fr));align-items:start}
header,#warnings,#summary,.wide,#explanation:not(:has(+#baseline)){grid-column:1/-1}
header h1{margin:0;font-size:clamp(1.5rem,4vw,2.2rem);line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}
section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem;min-width:0}
h2{margin:0 0 .75rem;font-size:1.1rem;line-height:1.3}
p{margin:0 0 .5rem;max-width:75ch;overflow-wrap:anywhere}
section>:last-child{margin-bottom:0}
.tall{grid-row:span 2;align-self:stretch}
.empty,.source,figcaption,caption,.caption,small{color:var(--soft)}
figure{margin:0}
figcaption,caption,.caption,.source{font-size:.875rem;text-align:left;padding:.4rem 0;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto;max-width:44rem;margin:0 auto}
svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .label,svg .value{fill:var(--text)}
.rule,.tick,.axis,.frame{fill:none;stroke:var(--grid);stroke-width:1}
.tick,.axis{stroke:var(--soft)}
.frame{stroke:var(--line);vector-effect:non-scaling-stroke}
.line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
.band{fill:var(--accent);opacity:.2}
.end,.area{fill:var(--accent)}
.point{fill-opacity:.7}
svg .number-mark{font-weight:700;font-size:14px;fill:var(--text);paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}
${hueRules}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.25rem,1fr));gap:.75rem;margin:0 0 .5rem}
.cards>div{border-left:3px solid var(--accent);padding:.1rem 0 .1rem .75rem;min-width:0}
.cards dt{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
.cards dd{margin:0;overflow-wrap:anywhere}
.cards strong{display:block;font-size:1.55rem;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}
.cards small{display:block;font-size:.8125rem;line-height:1.4}
#warnings{background:var(--warn);border-color:var(--warn-line)}
#warnings ul{margin:0;padding-left:1.2rem}#warnings li{overflow-wrap:anywhere}
table{border-collapse:collapse;font-size:.9375rem}
th,td{padding:.3rem .7rem;text-align:left;border-bottom:1px solid var(--grid);overflow-wrap:break-word}
thead th{color:var(--soft);font-weight:600;border-color:var(--line)}
tbody th{font-weight:500}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.better{color:var(--good)}.worse{color:var(--bad)}
.interval{display:block}
.scroll{overflow-x:auto;max-width:100%}
.confusion th,.confusion td{padding:.3rem .4rem;border:1px solid var(--panel)}
.confusion td.number{min-width:2.4rem}
.confusion tbody th{white-space:nowrap;text-align:right}
#setup td{min-width:14rem;overflow-wrap:anywhere}
.nothing{color:var(--soft)}
${shades}
.heat svg{max-width:34rem;border:1px solid var(--line)}
.legend{display:flex;flex-wrap:wrap;gap:.15rem .8rem;font-size:.875rem;color:var(--soft);max-width:none}
.badge{display:inline-flex;align-items:center;gap:.3em;color:var(--text);font-variant-numeric:tabular-nums}
.badge svg{width:.95em;height:.95em;display:inline-block;margin:0}
.cases{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11rem,1fr));gap:.75rem}
.cases li{border:1px solid var(--line);border-radius:8px;padding:.7rem;display:flex;flex-direction:column;gap:.5rem;min-width:0}
.cases dl{margin:0;font-size:.875rem}
.cases dl div{display:flex;justify-content:space-between;gap:.75rem}
.cases dt{color:var(--soft)}.cases dd{margin:0;text-align:right;overflow-wrap:anywhere;min-width:0;font-variant-numeric:tabular-nums}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem}
.same{fill:var(--h0);fill-opacity:.55}.different{fill:var(--h1);fill-opacity:.45}
.threshold,.anchor{fill:none;stroke:var(--text);stroke-width:2}.threshold{stroke-dasharray:5 4}
.level{fill:none;stroke:var(--accent);stroke-width:1.4}${levels}
.point.plain{fill:var(--soft);fill-opacity:.45}.link-same{fill:none;stroke:var(--h0);stroke-width:1.6;stroke-opacity:.85}.link-different{fill:none;stroke:var(--h1);stroke-width:1.6;stroke-opacity:.85;stroke-dasharray:3 3}
.badge .line-badge{width:1.8em;height:.75em}
.curve{fill:none;stroke-width:2;stroke-linejoin:round}
.retrieval{display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.75rem;align-items:center;border-top:1px solid var(--grid);padding:.6rem 0}
.retrieval .sheet{margin:0}.caption{max-width:none}.side{font-size:.875rem;color:var(--soft);margin:.2rem 0;max-width:none}
.retrieval-text{border-top:1px solid var(--grid);padding:.6rem 0}.retrieval-text table{font-size:.875rem;width:100%}.retrieval-text td,.retrieval-text th{padding:.15rem .5rem}.retrieval-text td:first-child{white-space:nowrap}
tr.hit td:first-child{color:var(--good)}tr.miss td:first-child{color:var(--bad)}
.sheet{list-style:none;margin:0 0 .75rem;padding:0;display:flex;gap:.4rem;overflow-x:auto}
.sheet li{border:1px solid var(--line);border-top:4px solid var(--soft);border-radius:6px;padding:.4rem;flex:1 1 6rem;max-width:8.5rem;display:flex;flex-direction:column;gap:.15rem;font-size:.8125rem;line-height:1.3;min-width:0;overflow-wrap:anywhere}
.sheet .hit{border-top-color:var(--good)}.sheet .miss{border-top-color:var(--bad)}.sheet .hit small{color:var(--good)}.sheet .miss small{color:var(--bad)}
.sheet .query{background:var(--page)}.sheet small{margin-top:auto}
.sheet .ink{width:100%}
.ink{width:6rem;fill:var(--text);background:var(--page);border-radius:4px}
pre{margin:.5rem 0;padding:.75rem .9rem;background:var(--page);border:1px solid var(--line);border-radius:6px;overflow-x:auto;font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.formula{white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer;padding:.3rem 0;color:var(--accent);font-size:.9375rem}
summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
@media screen and (max-width:52rem){main{grid-template-columns:minmax(0,1fr);padding:1rem .6rem 2rem}section{padding:.9rem}th,td{padding:.3rem .45rem}section>:last-child{margin-bottom:0}
.tall{grid-row:auto}svg text{font-size:17px}svg .number-mark{font-size:20px}.cases li{flex-direction:row;align-items:center}.cases dl{flex:1;min-width:0}.ink{flex:none}.retrieval{grid-template-columns:minmax(0,1fr)}.sheet li{flex:0 0 5.5rem}}
@media print{body{background:#fff;font-size:11pt}main{display:block;max-width:none;padding:0}section{border:0;border-top:1px solid var(--line);border-radius:0;padding:.6rem 0;margin:0}figure,tr,.confusion,.cases li,.cards>div{break-inside:avoid}h2{break-after:avoid}svg{max-width:13cm;margin:0}.badge svg,.ink{margin:0}.scroll{overflow:visible}.point,.area,.line,td{print-color-adjust:exact;-webkit-print-color-adjust:exact}details::details-content{content-visibility:visible;display:block}pre{white-space:pre-wrap}}
`;
