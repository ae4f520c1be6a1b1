"""How nothing is lost or doubled: the store, the courier, the reconciler."""
