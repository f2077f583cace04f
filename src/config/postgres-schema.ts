import { z } from 'zod';

/** Where a PostgreSQL database is; absent: everything is kept in the data folder. */
export const postgresUrl = z
  .string()
  .max(4096)
  .regex(
    /^postgres(?:ql)?:\/\/\S*$/,
    'expected a URL such as postgres://sightline:${PASSWORD}@db.example/sightline',
  )
  .optional()
  .describe(
    'A PostgreSQL database of its own that keeps everything but recordings, in place of sightline.db in dir: ' +
      'postgres://sightline:${PASSWORD}@db.example/sightline?sslmode=verify-full. It is never shown',
  );
