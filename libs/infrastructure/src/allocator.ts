/**
 * How the C library's allocator (glibc) is set for a Node process: few arenas, and large blocks outside them, so that what a start or a wave of events took goes back to the system
 * instead of lying between what stays. Other C libraries do not read it. deploy/service.Dockerfile sets the same.
 */
export const ALLOCATOR_ENVIRONMENT = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' } as const;
