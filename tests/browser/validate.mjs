// Reads one JSON text of {"name", "html"} a line and answers each with a line of what html-validate says of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [, , packages, config] = process.argv;
const { HtmlValidate, StaticConfigLoader } = createRequire(`${packages}/`)("html-validate");
const validate = new HtmlValidate(new StaticConfigLoader(JSON.parse(readFileSync(config, "utf8"))));

for await (const line of createInterface({ input: process.stdin })) {
  const { name, html } = JSON.parse(line);
  const report = await validate.validateString(html, name);
  const said = report.results.flatMap((result) => result.messages.map(
    (one) => `${one.ruleId}: line ${one.line}: ${one.message}`,
  ));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
