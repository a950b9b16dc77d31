import { InfrastructureError, type Progress } from './checkout.ts';
import { NotAvailable } from './choice.ts';
import type { CommandResult } from './command.ts';

export interface TestContainer {
  host: string;
  port(containerPort: number): number;
  exec(args: string[]): Promise<CommandResult>;
  stop(): Promise<void>;
}

export interface TestContainerRequest {
  image: string;
  ports: number[];
  environment: Record<string, string>;
}

const PATIENCE_MS = 180_000;

/**
 * Starts a throwaway container for a test run with testcontainers; the image must be present or come within three minutes. The readiness
 * of the server is for the caller to wait for. testcontainers is a development dependency, so it is only loaded here.
 */
export async function startTestContainer(request: TestContainerRequest, progress: Progress): Promise<TestContainer | NotAvailable> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  try {
    await within(10_000, getContainerRuntimeClient());
  } catch {
    // It throws a plain Error without a code when no engine answers, in a few milliseconds.
    return new NotAvailable('no engine answers');
  }
  progress(`Docker answers: starting ${request.image}`);
  try {
    const container = new GenericContainer(request.image)
      .withExposedPorts(...request.ports)
      .withEnvironment(request.environment)
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(PATIENCE_MS);
    const started = await within(PATIENCE_MS, container.start());
    return {
      host: started.getHost(),
      port: (containerPort) => started.getMappedPort(containerPort),
      exec: async (args) => {
        const { exitCode, output } = await started.exec(args);
        return { code: exitCode, output, timedOut: false };
      },
      stop: async () => void (await started.stop()),
    };
  } catch (error) {
    throw new InfrastructureError(`${request.image}: ${(error as Error).message}`);
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took longer than ${timeoutMs / 1000} s`)), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
