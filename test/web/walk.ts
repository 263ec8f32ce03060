// A way through a page, as a person takes it.
import type { TestServer } from '../support/server.js';
import type { Visit } from './visit.js';

export type Walk = (visit: Visit, server: TestServer) => Promise<void>;
