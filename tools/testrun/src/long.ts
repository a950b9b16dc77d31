// npm run test:long: the specs that change messages at random, with 100,000 changed messages each (EDXML_MUTATIONS for another number). Takes some minutes.
process.env.EDXML_MUTATIONS ??= '100000';
process.argv.push('--selectProjects', 'unit', 'libs/edxml/src/read-edxml', 'services/edocument-workflow/src/edxml-events');
await import('./main.ts');
