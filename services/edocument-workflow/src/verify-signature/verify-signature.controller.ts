import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DOCUMENT_ID, type SignatureFormat } from '@par/contracts';
import { AcceptEvents, isMarkedText, type Producer, ProducerKeys, REFUSALS, speaksForUnit, takeStreams } from '@par/ingress';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Problem } from '@par/service-kit';
import { type SignatureReading } from '@par/signatures';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { takeFile, type UploadedFile } from './uploaded-file.ts';
import { VerifySignature } from './verify-signature.handler.ts';
import { type FileVerdictView, ShowSignatures, verdictView, type VerdictView } from './verify-signature.query.ts';

const FORMATS: ReadonlyMap<string, SignatureFormat> = new Map<string, SignatureFormat>([
  ['application/pdf', 'pdf'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
]);
/** A file of 50 MB over a slow line. */
const LONGEST_UPLOAD_MS = 120_000;

/** The verdict on one signature or on a file, for the department that sent it. */
interface FindingView extends Partial<VerdictView> {
  certificate: string | null;
  signedAt: string | null;
  revocation: string;
}

interface VerifiedView extends FindingView {
  file: string;
  bytes: number;
  format: SignatureFormat;
  /** Each signature with whether a trusted time stamp proves its time. */
  signatures: (FindingView & { timeProven: boolean })[];
}

/**
 * `POST /v1/work-dossiers/{id}/signatures?unit=`: verifies the signatures of a file of a work dossier, keeps and publishes the verdict, and drops the file.
 * `POST /v1/signatures`: the verdict only, nothing is kept. Both take the file as the body, PDF or XML, and need a producer key.
 */
@Controller('v1')
export class VerifySignatureController {
  constructor(
    private readonly verifying: VerifySignature,
    private readonly showing: ShowSignatures,
    private readonly events: AcceptEvents,
    private readonly keys: ProducerKeys,
    private readonly organisation: OrganisationRegister,
    private readonly clock: Clock,
    host: HttpAdapterHost,
  ) {
    takeStreams(host.httpAdapter.getInstance<FastifyInstance>(), [...FORMATS.keys()]);
  }

  @Post('work-dossiers/:id/signatures')
  @HttpCode(200)
  async verify(
    @Param('id') id: string,
    @Query('unit') unit: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VerifiedView & { workDossier: string; unit: string; revision: number; published: boolean }> {
    hangUpUnlessSettled(reply);
    const producer = await this.keys.producerOf(request.headers.authorization);
    if (isMarkedText(id)) throw await this.events.refuseSecret();
    checkId(id);
    const at = this.#unitOf(unit, producer);
    const { file, reading } = await this.#read(request);
    const recorded = await this.verifying.record(id, at, file.sha256, reading);
    settled(reply);
    return { workDossier: id, unit: at, ...verifiedView(file, reading), ...recorded };
  }

  @Post('signatures')
  @HttpCode(200)
  async look(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<VerifiedView> {
    hangUpUnlessSettled(reply);
    await this.keys.producerOf(request.headers.authorization);
    const { file, reading } = await this.#read(request);
    settled(reply);
    return verifiedView(file, reading);
  }

  @Get('work-dossiers/:id/signatures')
  async show(@Param('id') id: string): Promise<{ workDossier: string; files: FileVerdictView[] }> {
    checkId(id);
    return { workDossier: id, files: await this.showing.of(id) };
  }

  #unitOf(asked: string | undefined, producer: Producer): string {
    const organisation = this.organisation.current();
    const unit = asked === undefined || typeof asked !== 'string' ? 'unknown' : organisation.resolve(asked, this.clock.now());
    if (unit === 'unknown' || unit === 'not-in-force')
      throw new Problem({ status: 422, code: `unit.${unit}`, field: 'unit', title: REFUSALS[`unit.${unit}`] });
    if (!speaksForUnit(producer, unit.id, organisation))
      throw new Problem({ status: 403, code: 'producer.not-for-unit', field: 'unit', title: REFUSALS['producer.not-for-unit'] });
    return unit.id;
  }

  async #read(request: FastifyRequest): Promise<{ file: UploadedFile; reading: SignatureReading }> {
    const format = FORMATS.get((request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase());
    const { body } = request;
    if (format === undefined || !(body instanceof Readable))
      throw new Problem({ status: 415, code: 'request.media-type', title: REFUSALS['request.media-type'] });
    if (request.headers['content-encoding'] !== undefined)
      throw new Problem({ status: 415, code: 'request.content-encoding', title: REFUSALS['request.content-encoding'] });
    const length = request.headers['content-length'];
    return this.verifying.inTurn(async () => {
      const file = await takeFile(body, length === undefined ? undefined : Number(length), LONGEST_UPLOAD_MS);
      return { file, reading: await this.verifying.verify(format, file.bytes) };
    });
  }
}

/** An answer that comes before the whole file was taken ends the connection, and with it the sending. */
function hangUpUnlessSettled(reply: FastifyReply): void {
  void reply.header('connection', 'close');
}

/** What was read to its end needs no new connection. */
function settled(reply: FastifyReply): void {
  void reply.removeHeader('connection');
}

/** The shape of ids that events can be about. With a mark of secrecy in it none is looked for; nothing came in, so nothing is counted. */
function checkId(id: string): void {
  if (isMarkedText(id)) throw new Problem({ status: 422, code: 'secrecy.marked', title: REFUSALS['secrecy.marked'] });
  if (DOCUMENT_ID.test(id)) return;
  throw new Problem({
    status: 422,
    code: 'work-dossier.bad-id',
    field: 'id',
    title: {
      en: 'The id of a work dossier is 1 to 120 letters, digits, blanks and .,:;/()_-',
      vi: 'Mã hồ sơ công việc gồm 1 đến 120 chữ, số, khoảng trắng và .,:;/()_-',
    },
  });
}

function verifiedView({ bytes, sha256 }: UploadedFile, reading: SignatureReading): VerifiedView {
  const { format, verdict, reason, certificate = null, signedAt = null, revocation, signatures } = reading;
  return {
    file: sha256,
    bytes: bytes.length,
    format,
    ...verdictView(verdict, reason),
    certificate,
    signedAt,
    revocation,
    signatures: signatures.map((each) => ({
      ...verdictView(each.reason === undefined ? 'valid' : 'invalid', each.reason),
      certificate: each.certificate ?? null,
      signedAt: each.signedAt ?? null,
      timeProven: each.timeProven,
      revocation: each.revocation,
    })),
  };
}
