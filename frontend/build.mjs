// Builds the committed files below pages/static/vendor from pinned packages. Same input, same bytes.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const out = process.argv[2] ?? join(here, "../src/waybillguard/service/platform/static/vendor");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

// htmx with its content-security extension: no source maps, they are not served.
for (const [from, to] of [["htmx.min.js", "htmx.min.js"], ["ext/hx-csp.min.js", "hx-csp.min.js"]]) {
  const text = readFileSync(join(modules, "htmx.org/dist", from), "utf8");
  writeFileSync(join(out, to), text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

// Tabler: only the parts named in tabler.scss.
const css = sass.compile(join(here, "tabler.scss"), {
  style: "compressed", loadPaths: [modules], charset: false,
  silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"], quietDeps: true,
});
const banner = readFileSync(join(modules, "@tabler/core/dist/css/tabler.css"), "utf8").match(/\/\*![\s\S]*?\*\//)[0];
writeFileSync(join(out, "tabler.css"), `${banner}\n${css.css}\n`);

// One sprite of the icons named in icons.txt.
const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
const symbols = names.map((name) => {
  const svg = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
  const inner = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
});
writeFileSync(join(out, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);

// The offline verifier: one page that holds all it needs, allowed to run exactly that, and no network.
const vectors = join(here, "../tests/vectors/ledger");
const names16 = (file) => JSON.stringify(Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(join(vectors, file), "utf8"))).map(([word, n]) => [n, word.toLowerCase()])));
const source = readFileSync(join(here, "verifier-page.mjs"), "utf8")
  .replace("@KINDS@", names16("kinds.json")).replace("@PURPOSES@", names16("purposes.json"));
const script = buildSync({
  stdin: { contents: source, resolveDir: here, loader: "js" }, bundle: true, minify: true, write: false,
  format: "iife", target: "es2022", legalComments: "inline", charset: "ascii",
}).outputFiles[0].text.replaceAll("</script", "<\\/script");
const style = readFileSync(join(here, "verifier.css"), "utf8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const rules = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
writeFileSync(join(out, "ledger-verify.html"), readFileSync(join(here, "verifier.html"), "utf8")
  .replace("@CSP@", () => rules).replace("@STYLE@", () => style).replace("@SCRIPT@", () => script));
for (const name of ["curves", "hashes", "post-quantum"])
  cpSync(join(modules, "@noble", name, "LICENSE"), join(out, `LICENSE.noble-${name}.txt`));

cpSync(join(modules, "htmx.org/LICENSE"), join(out, "LICENSE.htmx.txt"));
cpSync(join(modules, "@tabler/icons/LICENSE"), join(out, "LICENSE.tabler-icons.txt"));
const list = ["htmx.org", "@tabler/core", "@tabler/icons", "@noble/curves", "@noble/hashes", "@noble/post-quantum"].map((name) => `${name} ${version(name)}`);
writeFileSync(join(out, "VERSIONS.txt"), list.join("\n") + "\n");
for (const name of ["htmx.min.js", "hx-csp.min.js", "tabler.css", "icons.svg", "ledger-verify.html"]) {
  const bytes = readFileSync(join(out, name));
  console.log(name, bytes.length, createHash("sha256").update(bytes).digest("hex").slice(0, 16));
}
