import { bootstrap } from '@par/service-kit';
import { AppModule } from './app.module.ts';
import { servePage } from './page.ts';

await bootstrap(AppModule, { service: 'reporting', configureFastify: servePage });
