// Bundles this folder into service/static/dist. Run by `make setup`.
//
// Every .ts and .css file directly in this folder is an entry of its own; what entries import
// lies in subfolders or comes from npm, and what they import when it is needed is a chunk beside. A template names an entry by what the browser loads,
// asset('app.js') or asset('app.css'), and gets the address of the bundled file. The names
// carry a hash of the content, so pages may cache them for ever; dist/manifest.json maps
// {"app.js": "app-XXXXXXXX.js", …}. Nothing is loaded from another host.

import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const dist = path.join(root, "service/static/dist");
// Built aside and moved into place: a service that is running never sees half a bundle.
const fresh = `${dist}.new`;

// Packages that come as one file with others inside; its source map tells which these are.
const PACKED = { "@zazuko/yasqe": "build/yasqe.esm.js.map" };

/** The npm package an input belongs to, as its folder, or null for our own files. */
function packageOf(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found && found[1];
}

/** The packages that are inside of a package, as folders. */
async function packedIn(folder) {
  const name = folder.replace(/^.*node_modules\//, "");
  if (!(name in PACKED)) return [];
  const map = JSON.parse(await readFile(path.join(root, folder, PACKED[name]), "utf8"));
  return [...new Set(map.sources.map(packageOf).filter(Boolean))].map((inner) =>
    inner.replace(/^.*(?=node_modules\/)/, ""),
  );
}

/** Every licence, notice and copyright text of a package, under its name and version. One that
 *  carries none has it, as its source repository does, in licences/. */
async function licenceOf(folder) {
  const own = folder.replace(/^.*node_modules\//, "");
  const told = await readFile(path.join(root, folder, "package.json"), "utf8").catch(() => "{}");
  const { name = own, version = "", license = "MIT" } = JSON.parse(told);
  const files = await readdir(path.join(root, folder), { recursive: true }).catch(() => []);
  const names = files
    .filter((file) => /^(licenses\/)?(licen[cs]e|notice|copying)[^/]*$/i.test(file) || /\.LICENSE\.txt$/.test(file))
    .filter((file) => file !== "licenses" && !file.startsWith("node_modules"))
    .map((file) => path.join(root, folder, file))
    .sort();
  if (names.length === 0) names.push(path.join(here, "licences", `${own.replace("/", "+")}.txt`));
  const texts = await Promise.all(
    names.map((file) =>
      readFile(file, "utf8").catch(() => Promise.reject(new Error(`${own} has no licence text`))),
    ),
  );
  const title = [name, version, `(${license})`].filter(Boolean).join(" ");
  return [title, ...texts.map((text) => text.trim())].join("\n\n");
}

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });

const entries = (await readdir(here)).filter((file) => /\.(ts|css)$/.test(file)).sort();
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: entries.map((file) => path.join(here, file)),
  outdir: fresh,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome100", "firefox100", "safari15.4"],
  loader: { ".svg": "file", ".woff2": "file" },
  // The texts are collected whole, below.
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
const packages = new Set();
for (const [output, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
  if (entryPoint && entries.includes(path.relative(here, path.join(root, entryPoint)))) {
    const name = path.basename(entryPoint).replace(/\.ts$/, ".js");
    manifest[name] = path.basename(output);
  }
  for (const input of Object.keys(inputs)) {
    const folder = packageOf(input);
    if (folder) packages.add(folder);
  }
}

for (const folder of [...packages]) {
  for (const inner of await packedIn(folder)) packages.add(inner);
}

const licences = await Promise.all([...packages].sort().map(licenceOf));
await writeFile(
  path.join(fresh, "THIRD-PARTY-LICENCES.txt"),
  licences.join(`\n\n${"=".repeat(80)}\n\n`) + "\n",
);
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(path.join(fresh, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");

await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
