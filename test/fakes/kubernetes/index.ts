export { checkObject } from './check-object.js';
export { FakeApiServer, type Right } from './fake-api-server.js';
