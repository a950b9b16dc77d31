import { Controller, HttpCode, Module, Post, UseGuards } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { createApplication } from './bootstrap.ts';
import { Environment } from './environment.ts';
import { OperatorGuard } from './operator.ts';
import { ServiceKitModule } from './service-kit.module.ts';

@Controller()
class SpecController {
  @Post('v1/danger')
  @HttpCode(202)
  @UseGuards(OperatorGuard)
  danger(): { done: true } {
    return { done: true };
  }
}

@Module({ imports: [ServiceKitModule.forService('index-scoring')], controllers: [SpecController] })
class SpecModule {}

describe('the door for operators', () => {
  let app: NestFastifyApplication;

  async function start(key: string): Promise<void> {
    Object.assign(process.env, { OPERATOR_KEY: key, DATABASE_URL: 'postgresql://127.0.0.1:1/none' });
    app = await createApplication(SpecModule, { service: 'index-scoring' });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  }

  afterEach(async () => {
    delete process.env.OPERATOR_KEY;
    await app.close();
  });

  async function call(
    from: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; code?: string; titleVi?: string; type: string }> {
    const answer = await app.inject({ method: 'POST', url: '/v1/danger', remoteAddress: from, headers });
    const { code, titleVi } = answer.json<{ code?: string; titleVi?: string }>();
    return {
      status: answer.statusCode,
      type: String(answer.headers['content-type']),
      ...(code === undefined ? {} : { code }),
      ...(titleVi === undefined ? {} : { titleVi }),
    };
  }

  it('lets in who shows the key, wherever from', async () => {
    await start('s3cret-of-the-operators');
    expect(await call('10.1.2.3', { authorization: 'Bearer s3cret-of-the-operators' })).toMatchObject({ status: 202 });
  });

  it('refuses without the key and with another one, also on this machine', async () => {
    await start('s3cret-of-the-operators');
    expect(await call('127.0.0.1')).toMatchObject({ status: 401, code: 'operator.no-key', titleVi: 'Thao tác này cần khóa vận hành' });
    expect(await call('127.0.0.1', { authorization: 'Bearer s3cret' })).toMatchObject({
      status: 401,
      code: 'operator.wrong-key',
      type: 'application/problem+json; charset=utf-8',
    });
    expect(await call('10.1.2.3', { authorization: 's3cret-of-the-operators' })).toMatchObject({ status: 401, code: 'operator.no-key' });
  });

  it('without a key lets in this machine and nobody else', async () => {
    await start('');
    for (const here of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) expect(await call(here)).toMatchObject({ status: 202 });
    for (const elsewhere of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1'])
      expect(await call(elsewhere)).toMatchObject({ status: 403, code: 'operator.not-local' });
  });

  it('takes what a proxy or a page in a browser sends for nobody of this machine', async () => {
    await start('');
    for (const headers of [
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { origin: 'https://example.org' },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect(await call('127.0.0.1', headers as unknown as Record<string, string>)).toMatchObject({
        status: 403,
        code: 'operator.not-local',
      });
  });
});

describe('an operator among others who may call', () => {
  afterEach(() => {
    delete process.env.OPERATOR_KEY;
  });
  const isOperator = (key: string, from: string, headers: Record<string, string> = {}): boolean => {
    process.env.OPERATOR_KEY = key;
    return new OperatorGuard(new Environment()).isOperator({ headers, socket: { remoteAddress: from } } as FastifyRequest);
  };

  it.each([
    ['who shows the key', 's3cret', '10.1.2.3', { authorization: 'Bearer s3cret' }, true],
    ['who shows another', 's3cret', '127.0.0.1', { authorization: 'Bearer s3cre' }, false],
    ['who shows none where there is one', 's3cret', '127.0.0.1', {}, false],
    ['a caller on this machine where there is no key', '', '127.0.0.1', {}, true],
    ['one who shows a key that nobody knows', '', '127.0.0.1', { authorization: 'Bearer s3cret' }, false],
    ['one from elsewhere', '', '10.1.2.3', {}, false],
    ['one through a proxy', '', '127.0.0.1', { 'x-forwarded-for': '10.1.2.3' }, false],
  ] as const)('%s', (_who, key, from, headers, expected) => {
    expect(isOperator(key, from, headers)).toBe(expected);
  });
});
