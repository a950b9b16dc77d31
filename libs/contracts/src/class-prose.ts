import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** Docstrings of a class and of its properties. */
export interface ClassProse {
  description?: string;
  properties: Record<string, string>;
}

/** Reads the docstrings of every class in a folder of TypeScript files, by class name, those of the class it extends included: the prose of the published schemas. */
export function readClassProse(folder: URL): Map<string, ClassProse> {
  const prose = new Map<string, ClassProse & { base?: string }>();
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()) {
    const file = ts.createSourceFile(name, readFileSync(new URL(name, folder), 'utf8'), ts.ScriptTarget.ES2023, true);
    file.forEachChild((node) => {
      if (!ts.isClassDeclaration(node) || !node.name) return;
      const properties: Record<string, string> = {};
      for (const member of node.members) {
        const text = ts.isPropertyDeclaration(member) && docstringOf(member);
        if (text) properties[member.name.getText(file)] = text;
      }
      const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression.getText(file);
      prose.set(node.name.text, { description: docstringOf(node), properties, ...(base !== undefined && { base }) });
    });
  }
  const propertiesOf = (name: string | undefined): Record<string, string> => {
    const own = name === undefined ? undefined : prose.get(name);
    return own ? { ...propertiesOf(own.base), ...own.properties } : {};
  };
  return new Map([...prose].map(([name, { description }]) => [name, { description, properties: propertiesOf(name) }]));
}

function docstringOf(node: ts.Node): string | undefined {
  const docs = ts.getJSDocCommentsAndTags(node).find((doc) => ts.isJSDoc(doc));
  return ts.getTextOfJSDocComment(docs?.comment)?.replace(/\s*\n\s*/g, ' ');
}
