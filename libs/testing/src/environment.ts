/** Addresses that `npm test` gives to the specs. */
export interface TestEnvironment {
  postgresUrl: string;
  amqpUrl: string;
  managementUrl: string;
  /** Folder for brokers that failure tests start for themselves. */
  brokers: string;
}

/** @throws where a spec is run without the infrastructure that `npm test` starts. */
export function testEnvironment(): TestEnvironment {
  return {
    postgresUrl: required('PAR_TEST_POSTGRES_URL'),
    amqpUrl: required('PAR_TEST_AMQP_URL'),
    managementUrl: required('PAR_TEST_MANAGEMENT_URL'),
    brokers: required('PAR_TEST_BROKER_STATE'),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: run this spec with "npm test -- <path of the spec>"`);
  return value;
}
