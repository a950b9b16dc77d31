import 'reflect-metadata';

// A slow machine makes every answer dear; specs ask right after they wrote. What keeps answers has specs of its own, with a setting of theirs.
process.env.KEEP_ANSWERS_FROM_MS = '60000';
