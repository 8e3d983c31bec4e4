import type { HomeFiles } from './corpus-service.js';

/** What KFP's end-to-end suite puts on its cluster (backend/test/end2end/pipeline_e2e_test.go). */
export const CLUSTER_FILES: HomeFiles = {
  'secrets/test-secret-1/username': 'user1',
  'secrets/test-secret-2/password': 'psw1',
  'secrets/test-secret-3/password': 'psw2',
};
