// Makes one string of src/, which ships in the package: dino_names/page/program.js.
// With --check it only says whether the one that ships is that of the sources.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";

const target = new URL("../dino_names/page/program.js", import.meta.url);
const made = await build({
  entryPoints: [new URL("src/main.ts", import.meta.url).pathname],
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: "es2022",
  legalComments: "none",
  write: false,
});
const program = made.outputFiles[0].text;
if (program.includes("</script")) throw new Error("the program would end the element it stands in");
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== program) {
    console.error("dino_names/page/program.js: not that of page/src; run: npm run build");
    process.exit(1);
  }
} else {
  writeFileSync(target, program);
  console.log(`${program.length} characters`);
}
