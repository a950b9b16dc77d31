import { type Organisation } from '@par/administration';
import { type Producer, speaksForUnit } from '../producer.ts';
import { ManifestFault } from './manifest-fault.ts';
import { type ReadManifest } from './read-manifest.ts';

/**
 * Which units a manifest is about, and what it calls them. An official code stands for every unit that ever had it, since a source that
 * knows codes only cannot tell the holders apart.
 */
export class ManifestUnits {
  /** What the source calls a unit, by our id. */
  readonly #names = new Map<string, string>();
  readonly #scope: ReadonlySet<string> | undefined;
  readonly #mayShow = new Map<string, boolean>();

  /** @throws ManifestFault `unit.unknown`, `producer.not-for-unit`, `manifest.unit-twice`, each with its field */
  constructor(
    manifest: Pick<ReadManifest, 'units' | 'lines'>,
    private readonly producer: Producer,
    private readonly organisation: Organisation,
  ) {
    manifest.lines.forEach(({ unit }, index) => {
      for (const id of this.#idsOf(unit, `lines[${index}].unit`)) {
        const before = this.#names.get(id);
        if (before !== undefined && before !== unit) throw new ManifestFault('manifest.unit-twice', `lines[${index}].unit`);
        this.#names.set(id, unit);
      }
    });
    const scope = manifest.units?.flatMap((unit, index) => this.#idsOf(unit, `units[${index}]`));
    if (!scope) return;
    this.#scope = new Set(scope);
    manifest.lines.forEach(({ unit }, index) => {
      if (!this.#idsOf(unit, '').some((id) => this.#scope!.has(id)))
        throw new ManifestFault('producer.not-for-unit', `lines[${index}].unit`);
    });
  }

  /** What the manifest calls a unit: its own word, else our id; undefined where it does not speak of the unit. */
  nameOf(id: string): string | undefined {
    let shown = this.#mayShow.get(id);
    if (shown === undefined) {
      shown = this.#scope ? this.#scope.has(id) : speaksForUnit(this.producer, id, this.organisation);
      this.#mayShow.set(id, shown);
    }
    return shown ? (this.#names.get(id) ?? id) : undefined;
  }

  #idsOf(unit: string, field: string): string[] {
    const known = this.organisation.unit(unit);
    const units = known ? [known] : this.organisation.units().filter(({ code }) => code === unit);
    if (units.length === 0) throw new ManifestFault('unit.unknown', field);
    const own = units.map(({ id }) => id).filter((id) => speaksForUnit(this.producer, id, this.organisation));
    if (own.length === 0) throw new ManifestFault('producer.not-for-unit', field);
    return own;
  }
}
