"""What a tenant takes along when it is erased, beside the rows that name it or one of its sites."""

from django.dispatch import Signal

# Sent inside the transaction that erases, before any row has gone. With `tenant_id` and `sites`, the keys of its sites.
# Whoever keeps something by another key, such as a hostname, deletes it.
tenant_leaves = Signal()
