"""The pages of the desk: every case, one case, and handing several on."""
