"""The components, one file each; `kfp_config.ini` tells KFP's executor where they are."""
