export { deliverEvent, tryHook, type DeliveryTools } from './deliver-event.js';
export { hookId } from './hook-id.js';
export { hooksOf } from './hooks-of.js';
