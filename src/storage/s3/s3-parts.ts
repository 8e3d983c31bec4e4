import type { Bucket } from './bucket.js';
import type { CopyCache } from './copy-cache.js';
import type { StagingFolders } from './staging-folders.js';
import type { StorePlace } from './store-place.js';
import type { VersionBook } from './version-book.js';

/** What the store and its stagings work with. */
export interface S3Parts {
  readonly place: StorePlace;
  readonly bucket: Bucket;
  readonly copies: CopyCache;
  readonly versions: VersionBook;
  readonly folders: StagingFolders;
}
