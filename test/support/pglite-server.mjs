// A PostgreSQL with pgvector where the real server has none: PGlite behind a socket. Prints its port; ends with its stdin.
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const db = await PGlite.create({ extensions: { vector } });
const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 8 });
server.addEventListener('listening', ({ detail }) => console.log(detail.port));
await server.start();
process.stdin.resume().on('end', () => process.exit());
