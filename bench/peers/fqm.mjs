// Membership by fqm-execution: node fqm.mjs MODULES MEASURE FOLDER OUT; only calculating is timed.
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, measure, folder, out] = process.argv.slice(2);
const { Calculator } = createRequire(`${modules}/`)("fqm-execution");
const AT_ONCE = 250;

const patients = new Map();
const owner = { Patient: (r) => r.id, RelatedPerson: (r) => r.patient.reference.slice(8) };
for (const kind of ["Patient", "RelatedPerson", "Encounter", "Communication"]) {
  const file = `${folder}/${kind}.ndjson`;
  if (!existsSync(file)) continue;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const resource = JSON.parse(line);
    const id = (owner[kind] ?? ((r) => r.subject.reference.slice(8)))(resource);
    if (!patients.has(id)) patients.set(id, []);
    patients.get(id).push({ resource });
  }
}
const bundles = [...patients.values()].map((entry) => ({ resourceType: "Bundle", type: "collection", entry }));
const asked = JSON.parse(readFileSync(measure, "utf8"));
const options = {
  measurementPeriodStart: "2021-06-01", measurementPeriodEnd: "2021-08-29",
  calculateHTML: false, calculateSDEs: false, calculateClauseCoverage: false,
  verboseCalculationResults: false, useElmJsonsCaching: true,
};
const members = {};
let seconds = 0;
for (let from = 0; from < bundles.length; from += AT_ONCE) {
  const some = bundles.slice(from, from + AT_ONCE);
  const began = performance.now();
  const { results } = await Calculator.calculate(asked, some, options);
  seconds += (performance.now() - began) / 1000;
  for (const each of results) {
    const held = Object.fromEntries(each.detailedResults[0].populationResults.map((p) => [p.populationType, p.result]));
    members[each.patientId] = [held.denominator, held.numerator];
  }
}
writeFileSync(out, JSON.stringify({ patients: bundles.length, seconds, members }));
