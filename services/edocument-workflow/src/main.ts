import { configureFrontDoor } from '@par/ingress';
import { bootstrap } from '@par/service-kit';
import { AppModule } from './app.module.ts';

await bootstrap(AppModule, { service: 'edocument-workflow', configureFastify: configureFrontDoor() });
