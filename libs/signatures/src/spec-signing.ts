// For specs of those who use this library: a throw-away authority, and files signed by those to whom it gave certificates.
export { SpecAuthority } from './spec-authority.ts';
export { plainPdf, signPdf } from './spec-pdf.ts';
export { MESSAGE, signXml } from './spec-xml.ts';
