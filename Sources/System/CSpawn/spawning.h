#include <spawn.h>

// What glibc 2.34 brought, and its header shows to GNU sources alone.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
