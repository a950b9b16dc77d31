import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout that this source file belongs to. */
export const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');

/** Takes one line that tells a person what happens now. */
export type Progress = (line: string) => void;

/** A reason why infrastructure cannot be had, written for the person at the keyboard. */
export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError';
}
