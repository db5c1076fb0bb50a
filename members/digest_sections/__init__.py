"""What each part of membership has to say in the weekly digest: one function a section, for many people at once."""
