"""How all pages look: one grid, one scale of type, one set of colours."""

STYLE = """
:root { color-scheme: dark; --head: 80px; --gap: 12px;
  --ground: #16181d; --card: #20242c; --tile: #272c36; --line: #343a46; --words: #eceff4; --dim: #b4bdcc;
  --chosen: #88c0d0; --good: #b5e0b7; --calm: #f1d9a7; --bad: #ffb4a8;
  --small: 0.8rem; --plain: 0.95rem; --title: 1.05rem; --large: 1.4rem; --largest: 1.9rem; }
body { background: var(--ground); color: var(--words); font-size: var(--plain); }
.mien-head { background: var(--card); height: var(--head); padding: 4px 12px; gap: 0; flex-direction: column;
  flex-wrap: nowrap; }
.mien-head > .mien-row { height: 40px; flex-wrap: nowrap; }
.nicegui-content { padding: 0; }
.mien-page:has(.live) { max-width: none; }
.mien-page { width: 100%; max-width: 1400px; margin: 0 auto; padding: var(--gap); gap: var(--gap); }
.mien-card { background: var(--card); border-radius: 10px; padding: 12px 14px; width: 100%; }
.mien-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: var(--gap);
  width: 100%; }
.mien-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: var(--gap);
  width: 100%; }
.mien-row { display: flex; flex-wrap: wrap; gap: 8px var(--gap); align-items: center; width: 100%; }
.mien-dim { color: var(--dim); }
.mien-large { font-size: var(--large); font-weight: 600; line-height: 1.25; }
.mien-nav { display: flex; overflow-x: auto; scrollbar-width: none; gap: 2px; width: 100%; height: 32px; flex: none; }
.mien-nav a { color: var(--words); text-decoration: none; padding: 0 10px; line-height: 30px; border-radius: 8px;
  white-space: nowrap; }
.mien-nav a[aria-current=page] { background: #3b4252; }
h1 { font-size: var(--title); font-weight: 600; margin: 0; line-height: 1.4; white-space: nowrap; }
h2 { font-size: var(--title); font-weight: 600; margin: 4px 0; line-height: 1.4; }
h3 { font-size: var(--plain); font-weight: 600; margin: 12px 0 0; line-height: 1.4; color: var(--dim); }
.mien-said { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; min-width: 0; }
.mien-control { width: 100%; padding: 8px 0; border-bottom: 1px solid var(--line); }
.mien-controls { display: grid; gap: 0 28px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); }
.mien-looks { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: var(--gap);
  width: 100%; }
.mien-mood { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 4px 28px; }
.mien-controls, .mien-mood { width: 100%; }
.mien-toggle .q-btn { padding: 4px 12px; }
.mien-ab { display: flex; gap: 2px; align-items: center; }
.mien-meaning { font-size: var(--small); line-height: 1.3; gap: 4px 10px; margin-top: 5px; }
.mien-tag { background: #3b4252; border-radius: 6px; padding: 0 7px; font-size: var(--small); line-height: 1.6;
  color: var(--words); }
.mien-wrong { color: var(--bad); font-size: var(--small); }
.mien-yaml textarea { font-family: ui-monospace, monospace; font-size: var(--small); }
.mien-looker .q-btn.disabled, .mien-looker .mien-operate, .mien-looker .corner-bar { display: none; }
.mien-away .nicegui-content, .mien-away .mien-head .mien-row, .mien-away .q-dialog .q-btn { pointer-events: none;
  opacity: 0.5; }
.mien-away .mien-head [role=status]::before { content: "connecting · "; }
.mien-typed { position: fixed; inset: auto 12px 12px; z-index: 9000; background: #4a2f00; color: #fff;
  border-radius: 10px; padding: 12px 14px; max-height: 50vh; overflow: auto; }
.mien-typed pre { white-space: pre-wrap; margin: 8px 0; font: inherit; }
.mien-typed button { background: #fff; color: #16181d; border: 0; border-radius: 6px; padding: 6px 14px; font: inherit; }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid var(--chosen); outline-offset: 2px; }
@media (max-width: 900px) {
  .mien-head { padding: 4px 8px; } .mien-page { padding: 8px; }
  .mien-head > .mien-row { gap: 6px; }
  .mien-head .q-btn .on-left + .block { font-size: 0; } .mien-head .q-btn .on-left { margin: 0; }
  .mien-head h1 span, .mien-ab-said { display: none; }
}
"""
