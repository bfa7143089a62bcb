// The two FHIR clients that a program would use, each asked for what it offers. Arguments: address of the service, bearer token, patient id.
// Prints one line of JSON per step; ends with 1 at the first that fails.
import { Client } from 'fhir-kit-client';
import { MedplumClient } from '@medplum/core';

const [base, token, patient] = process.argv.slice(2);
const note = text => ({ resourceType: 'Communication', status: 'completed', subject: { reference: `Patient/${patient}` }, payload: [{ contentString: text }] });
const pulse = value => ({
  resourceType: 'Observation', status: 'final', subject: { reference: `Patient/${patient}` }, effectiveDateTime: '2026-11-01T08:00:00+01:00',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
  valueQuantity: { value, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});
const same = (what, expected, actual) => { if (expected !== actual) throw new Error(`${what}: expected ${expected}, was ${actual}`); };
const fails = async (status, action) => {
  try { await action(); } catch (fault) {
    const code = fault.response?.status ?? fault.outcome?.issue?.[0]?.code;
    if (![].concat(status).includes(code)) throw new Error(`expected ${status}, was ${code}: ${fault.message}`);
    return;
  }
  throw new Error(`expected ${status}, was answered`);
};

const kit = new Client({ baseUrl: base, bearerToken: token });
const medplum = new MedplumClient({ baseUrl: base.replace(/fhir$/, ''), fhirUrlPath: 'fhir', fetch, cacheTime: 0, autoBatchTime: 0 });
medplum.setAccessToken(token);

const steps = {
  async 'kit: capability statement'() { same('fhirVersion', '4.0.1', (await kit.capabilityStatement()).fhirVersion); },
  async 'kit: read'() { same('id', patient, (await kit.read({ resourceType: 'Patient', id: patient })).id); },
  async 'kit: create, vread, update, history'() {
    const created = await kit.create({ resourceType: 'Communication', body: note('fhir-kit-client') });
    same('version', '1', created.meta.versionId);
    const corrected = { ...created, payload: [{ contentString: 'verbeterd' }] };
    await fails(428, () => kit.update({ resourceType: 'Communication', id: created.id, body: corrected }));
    const second = await kit.update({ resourceType: 'Communication', id: created.id, body: corrected, options: { headers: { 'If-Match': 'W/"1"' } } });
    same('version', '2', second.meta.versionId);
    same('first text', 'fhir-kit-client', (await kit.vread({ resourceType: 'Communication', id: created.id, version: '1' })).payload[0].contentString);
    same('versions', 2, (await kit.resourceHistory({ resourceType: 'Communication', id: created.id })).entry.length);
  },
  async 'kit: search, post search, pages, compartment'() {
    await kit.create({ resourceType: 'Observation', body: pulse(66) });
    const found = await kit.search({ resourceType: 'Observation', searchParams: { patient, code: 'http://loinc.org|8867-4', date: ['ge2026-11-01', 'lt2026-11-02'], _count: 1 } });
    same('type', 'searchset', found.type);
    same('entries', 1, found.entry.length);
    const posted = await kit.resourceSearch({ resourceType: 'Patient', searchParams: { _id: patient }, options: { postSearch: true } });
    same('patient', patient, posted.entry[0].resource.id);
    let page = await kit.search({ resourceType: 'Observation', searchParams: { patient, _count: 5, _sort: '-date' } });
    const seen = new Set();
    for (let n = 0; page && n < 4; n++, page = await kit.nextPage({ bundle: page })) for (const entry of page.entry ?? []) {
      if (seen.has(entry.resource.id)) throw new Error('the same twice');
      seen.add(entry.resource.id);
    }
    const compartment = await kit.compartmentSearch({ resourceType: 'Observation', compartment: { resourceType: 'Patient', id: patient }, searchParams: { _count: 1 } });
    same('in the compartment', 1, compartment.entry.length);
  },
  async 'kit: batch and transaction'() {
    const batch = await kit.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Patient/${patient}` } }, { resource: note('in een batch'), request: { method: 'POST', url: 'Communication' } }] } });
    same('answers', '200 OK,201 Created', batch.entry.map(e => e.response.status).join());
    await fails([400, 405], () => kit.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: [{ request: { method: 'DELETE', url: `Patient/${patient}` } }] } }));
  },
  async 'kit: timeline operation'() {
    const page = await kit.operation({ name: 'timeline', resourceType: 'Patient', id: patient, method: 'GET', input: { _count: 3 } });
    same('entries', 3, page.entry.length);
  },
  async 'kit: refusals are outcomes'() {
    await fails(404, () => kit.read({ resourceType: 'Patient', id: 'nobody' }));
    await fails(405, () => kit.delete({ resourceType: 'Patient', id: patient }));
    await fails(422, () => kit.create({ resourceType: 'Communication', body: { resourceType: 'Communication', subject: { reference: `Patient/${patient}` } } }));
  },
  async 'medplum: read and search'() {
    same('id', patient, (await medplum.readResource('Patient', patient)).id);
    const found = await medplum.searchResources('Observation', { patient, _count: '2', _sort: '-date' });
    same('found', 2, found.length);
    same('one', patient, (await medplum.searchOne('Patient', { _id: patient })).id);
    let pages = 0;
    for await (const page of medplum.searchResourcePages('Observation', { patient, _count: '10' })) if (page.length === 0 || ++pages === 3) break;
    same('pages', true, pages > 0);
  },
  async 'medplum: create, create if none exists, history, update'() {
    const created = await medplum.createResource(note('medplum'));
    same('text', 'medplum', (await medplum.readResource('Communication', created.id)).payload[0].contentString);
    const value = crypto.randomUUID();
    const once = { ...note('eenmaal'), identifier: [{ system: 'urn:test', value }] };
    const first = await medplum.createResourceIfNoneExist(once, `patient=${patient}&identifier=urn:test|${value}`);
    const second = await medplum.createResourceIfNoneExist(once, `patient=${patient}&identifier=urn:test|${value}`);
    same('the same one', first.id, second.id);
    same('versions', 1, (await medplum.readHistory('Communication', created.id)).entry.length);
    const updated = await medplum.updateResource({ ...created, payload: [{ contentString: 'verbeterd' }] }, { headers: { 'If-Match': 'W/"1"' } });
    same('version', '2', updated.meta.versionId);
  },
  async 'medplum: batch'() {
    const batch = await medplum.executeBatch({ resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: `Observation?patient=${patient}&_count=1` } }] });
    same('entries', 1, batch.entry[0].resource.entry.length);
  },
  async 'medplum: refusals are outcomes'() {
    await fails('not-found', () => medplum.readResource('Patient', 'nobody'));
    await fails('required', () => medplum.createResource({ resourceType: 'Communication', status: 'completed', subject: { reference: `Patient/${patient}` } }));
  },
};

for (const [name, run] of Object.entries(steps)) {
  try {
    await run();
    console.log(JSON.stringify({ step: name }));
  } catch (fault) {
    console.log(JSON.stringify({ step: name, error: String(fault?.message ?? fault), response: fault?.response?.data ?? fault?.outcome }));
    process.exit(1);
  }
}
process.exit(0);
