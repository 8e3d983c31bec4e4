export { Models, type ModelChangeOptions } from './models.js';
