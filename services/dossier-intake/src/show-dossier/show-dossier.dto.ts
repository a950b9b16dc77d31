import { type Channel, type UnitKind } from '@par/contracts';
import { type DossierState, type TimelineEntry } from '../dossier.ts';

export interface Bilingual {
  vi: string;
  en: string;
}

/** Answer of `GET /v1/dossiers/{code}`. All instants are RFC 3339 in UTC. */
export interface ShownDossier {
  code: string;
  unit: { id: string; name: string; nameEn: string; kind: UnitKind | null };
  state: {
    name: DossierState['name'];
    /** `TrangThaiHoSo` of the national portal; null where every event was taken back. */
    national: number | null;
    label: Bilingual;
  };
  /** Null while only later events are known. */
  receivedAt: string | null;
  channel: { name: Channel; national: string; label: Bilingual } | null;
  procedure: string | null;
  /** The appointment given, null where it was left open or the receipt is not known. */
  due: string | null;
  dueLeftOpen: boolean;
  readyAt: string | null;
  returnedAt: string | null;
  returnChannel: Channel | null;
  timeline: (TimelineEntry & { label: Bilingual })[];
}
