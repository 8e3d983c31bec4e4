import type { HomeFiles } from '../support/pipeline-service.js';

/**
 * The home of a user who has what the corpus expects of its cluster: the secrets of KFP's end-to-end suite
 * (backend/test/end2end/pipeline_e2e_test.go), and the program of one image.
 */
export const CLUSTER_FILES: HomeFiles = {
  'secrets/test-secret-1/username': 'user1',
  'secrets/test-secret-2/password': 'psw1',
  'secrets/test-secret-3/password': 'psw2',
  'images.yaml': '- image: jetbrainsinfra/jq\n  use: host\n',
};
