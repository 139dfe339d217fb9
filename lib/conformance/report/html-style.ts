/**
 * The style of the page, for light and dark.
 *
 * Rule of this file: colours are named once, at the top; a verdict is never told by colour alone.
 */

const LIGHT = `--bg:#fff;--panel:#f5f6f8;--text:#1b1f24;--dim:#5b6470;--line:#d9dde3;--focus:#0b5fff;
--p:#1a7f37;--p-bg:#e6f5ea;--t:#8a5a00;--t-bg:#fff4d6;--i:#0b5cad;--i-bg:#e5f0fb;--f:#fff;--f-bg:#c62828;
--s:#a3261f;--s-bg:#fbdcd9;--x:#fff;--x-bg:#7b3fb3;--k:#4a3f8f;--k-bg:#e9e6fa;--n:#8b939e;
--a:#9a1f6b;--b:#0b5cad;--c:#5b6470;--name:#0f6b57;--size:#8a5a00;--content:#444c56`;

const DARK = `--bg:#14171b;--panel:#1d2127;--text:#e4e8ed;--dim:#9aa4b0;--line:#343b44;--focus:#6ea8ff;
--p:#6fdc8c;--p-bg:#15301e;--t:#f0c35a;--t-bg:#3a2f10;--i:#82bdf7;--i-bg:#15293d;--f:#fff;--f-bg:#b3302c;
--s:#ffaaa3;--s-bg:#4a1f1d;--x:#fff;--x-bg:#7a48ad;--k:#c0b5ff;--k-bg:#2b2650;--n:#77818d;
--a:#f29ad0;--b:#82bdf7;--c:#9aa4b0;--name:#6fd6bd;--size:#f0c35a;--content:#c3cad3`;

const PAGE = `*{box-sizing:border-box}
body{margin:0;padding:1rem clamp(.75rem,2vw,2rem) 3rem;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{margin:0;font-size:1.6rem}h2{margin:2rem 0 .5rem;font-size:1.25rem}header p{margin:.3rem 0}
a{color:var(--b)}small,.keys,.remark{color:var(--dim)}code,pre,kbd{font-family:ui-monospace,monospace}
:focus-visible{outline:3px solid var(--focus);outline-offset:-3px}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.8rem 0;padding:0;list-style:none;font-size:.87rem;color:var(--dim)}
.legend b{color:var(--text);font-weight:600}
.sign{display:inline-block;min-width:1.5em;border-radius:3px;text-align:center;font-weight:600}
form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;padding:.6rem .8rem;background:var(--panel);border:1px solid var(--line);border-radius:6px;font-size:.9rem}
form[hidden]{display:none}form .keys{flex-basis:100%;margin:0;font-size:.82rem}
input,select,button{padding:.25rem .5rem;border:1px solid var(--line);border-radius:4px;background:var(--bg);color:var(--text);font:inherit}
input{width:16rem}select{max-width:14rem}button{cursor:pointer}kbd{padding:0 .3em;border:1px solid var(--line);border-radius:3px}
.p{color:var(--p);background:var(--p-bg)}.t{color:var(--t);background:var(--t-bg)}.i{color:var(--i);background:var(--i-bg)}
.f{color:var(--f);background:var(--f-bg)}.s{color:var(--s);background:var(--s-bg)}.x{color:var(--x);background:var(--x-bg)}
.k{color:var(--k);background:var(--k-bg)}.n{color:var(--n)}`;

const TABLES = `.wide{overflow-x:auto}.totals{border-collapse:collapse;font-size:.87rem;margin-bottom:1rem}
.totals caption{text-align:left;color:var(--dim);padding-bottom:.3rem}
.totals th,.totals td{padding:.2rem .6rem;border-bottom:1px solid var(--line);text-align:right;font-weight:400}
.totals thead th{vertical-align:bottom;font-size:.8rem;color:var(--dim)}
.totals tbody th,.totals thead th:first-child{min-width:16rem;text-align:left;color:var(--text)}
.totals tbody th small{display:block;line-height:1.25;font-size:.76rem;max-width:34rem}
.totals td{font-variant-numeric:tabular-nums}.totals .zero{color:var(--n)}
.bar span{display:flex;width:10rem;height:.8rem;border-radius:3px;overflow:hidden}.bar i{min-width:0}
.bar .p{background:var(--p)}.bar .t{background:var(--t)}.bar .i{background:var(--i)}.bar .s{background:var(--s)}.bar .k{background:var(--k)}.bar .n{background:var(--line)}
.scroll{width:fit-content;max-width:100%;max-height:88vh;overflow:auto;border:1px solid var(--line);border-radius:6px;scroll-padding:12rem 1rem 1rem 27rem}
.matrix{border-collapse:separate;border-spacing:0;font-size:.84rem}
.matrix th,.matrix td{border-bottom:1px solid var(--line)}
.matrix thead th{position:sticky;top:0;z-index:2;height:11.5rem;padding:.4rem 0;background:var(--panel);vertical-align:bottom;font-weight:600}
.matrix thead span{display:inline-block;writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;line-height:1.15}
.matrix thead .corner{left:0;z-index:3;padding:.4rem .6rem;text-align:left}
.matrix tbody th{position:sticky;left:0;z-index:1;width:26rem;min-width:26rem;padding:.15rem .6rem;background:var(--bg);border-right:1px solid var(--line);text-align:left;font-weight:400;line-height:1.35;cursor:pointer}
.matrix tbody th code{font-size:.78rem;color:var(--dim)}.matrix tbody th b{font-size:.68rem;color:var(--dim);letter-spacing:.03em}
.matrix tbody th span{display:block}
.matrix td{width:2.5rem;min-width:2.5rem;border-right:1px solid var(--line);text-align:center;cursor:pointer;font-weight:600}
.matrix .topic th,.matrix .topic td{background:var(--panel);cursor:default}.matrix .topic th{padding:.35rem .6rem;font-weight:600}
.matrix tr[data-c]:hover th{background:var(--panel)}
@media (max-width:700px){.matrix tbody th{width:12rem;min-width:12rem;overflow-wrap:anywhere}.scroll{scroll-padding-left:13rem}.matrix tbody th code{display:block}}`;

const DETAIL = `dialog{width:min(70rem,96vw);max-height:92vh;padding:0 1.2rem 1.2rem;background:var(--bg);color:var(--text);border:1px solid var(--line);border-radius:8px;overflow:auto}
dialog::backdrop{background:rgba(0,0,0,.45)}
.top{position:sticky;top:0;z-index:1;display:flex;gap:1rem;justify-content:space-between;align-items:start;padding:.9rem 0 .5rem;background:var(--bg)}
.top h2{margin:0;font-size:1.1rem}.top h2:focus{outline:none}#detail-verdict{margin:0 0 .6rem;color:var(--dim)}
.said{padding:.5rem .7rem;background:var(--panel);border-left:4px solid var(--focus);overflow-wrap:anywhere}
.log{width:100%;margin:.6rem 0;border-collapse:collapse;font-size:.84rem}
.log th,.log td{padding:.3rem .5rem;border-bottom:1px solid var(--line);vertical-align:top;text-align:left}
.log th{width:9.5rem;color:var(--dim);font-weight:400;white-space:nowrap}.log .con{opacity:.7}
.log pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.log .out td{border-left:3px solid var(--b)}.log .in td{border-left:3px solid var(--name)}
.log .ev td{color:var(--dim);font-style:italic}
.log i,.notes i{font-style:normal;background:none}.log .a{color:var(--a);font-weight:600}.log .b{color:var(--b)}.log .c{color:var(--c)}.log .n{color:var(--name)}
.log .k{color:var(--size);font-weight:600}.log .e{color:var(--size)}.log .d{color:var(--content)}.log .z{color:var(--n)}
.log .u{color:var(--dim);text-decoration:underline dotted}.log .x{color:var(--s)}.log .cut{color:var(--dim);font-style:italic}
.log .E,.notes .E{color:var(--s);background:var(--s-bg)}.log .W,.notes .W{color:var(--t);background:var(--t-bg)}
.notes{padding-left:1.2rem;font-size:.84rem}.notes .at{color:var(--dim)}
.case{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:1rem 0 0;padding-top:.8rem;border-top:1px solid var(--line);font-size:.9rem}
.case dt{color:var(--dim)}.case dd{margin:0;overflow-wrap:anywhere}.case ol{margin:0;padding-left:1.2rem}
@media (max-width:700px){.case{grid-template-columns:1fr}.log th{width:auto;white-space:normal}}`;

/** All of it, without anything from elsewhere. */
export const STYLE: string = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
${PAGE}
${TABLES}
${DETAIL}
`;
