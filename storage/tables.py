"""All tables, registered: whoever needs them as a whole imports this."""

import storage.digest_models
import storage.drop_models
import storage.inbox_models
import storage.models
import storage.outlook_models
import storage.video_models  # noqa: F401 (registers its tables)
