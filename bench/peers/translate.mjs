// CQL to ELM, and the FHIR Measure that fqm-execution asks for: node translate.mjs MODULES CQL OUT
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, cqlFile, out] = process.argv.slice(2);
const cql = await import(pathToFileURL(`${modules}/@cqframework/cql/cql-to-elm.mjs`));

const info = readFileSync(`${modules}/cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml`, "utf8");
const system = readFileSync(new URL("system-modelinfo.xml", import.meta.url), "utf8");
const known = { FHIR: info, System: system };
const models = new cql.ModelManager();
models.modelInfoLoader.registerModelInfoProvider(
  cql.createModelInfoProvider((id) => (known[id] ? cql.stringAsSource(known[id]) : null)), true);
const translator = cql.CqlTranslator.fromText(readFileSync(cqlFile, "utf8"), new cql.LibraryManager(models));
const errors = translator.errors.asJsReadonlyArrayView();
if (errors.length) {
  for (const each of errors) console.error(String(each.message), JSON.stringify(each.locator?.toLocator?.() ?? ""));
  process.exit(1);
}
const elm = translator.toJson();

const population = (code) => ({
  code: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/measure-population", code }] },
  criteria: {
    language: "text/cql-identifier",
    expression: { "initial-population": "Initial Population", denominator: "Denominator", numerator: "Numerator" }[code],
  },
});
const url = "http://example.org/Library/SecureMessaging";
const bundle = {
  resourceType: "Bundle", type: "collection",
  entry: [
    { resource: {
      resourceType: "Measure", id: "secure-messaging", url: "http://example.org/Measure/secure-messaging",
      status: "active", library: [url],
      scoring: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/measure-scoring", code: "proportion" }] },
      extension: [{ url: "http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-populationBasis", valueCode: "boolean" }],
      group: [{ id: "g", population: ["initial-population", "denominator", "numerator"].map(population) }],
    } },
    { resource: {
      resourceType: "Library", id: "SecureMessaging", url, name: "SecureMessaging", version: "1.0.0",
      status: "active", type: { coding: [{ code: "logic-library" }] },
      content: [{ contentType: "application/elm+json", data: Buffer.from(elm).toString("base64") }],
    } },
  ],
};
writeFileSync(out, JSON.stringify(bundle));
