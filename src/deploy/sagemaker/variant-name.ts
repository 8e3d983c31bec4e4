/** Of every endpoint: SageMaker rolls out only between configurations whose variants have the same names. */
export const VARIANT = 'AllTraffic';
/** Of a candidate that gets copies of requests. */
export const SHADOW_VARIANT = 'Candidate';
