/*
 * The peer: what a team would write in a day with Apollo Server, express and Prisma. Resolvers fetch
 * what their own field needs, and volumes are integrated in JavaScript over pings that Prisma reads;
 * no loaders, no summaries.
 */
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import { PrismaPg } from '@prisma/adapter-pg';
import express from 'express';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { sha256 } from '../../src/domain/shared/secrets.js';
import { PrismaClient } from '../../src/generated/prisma/client.js';
import { createResolvers, typeDefs } from './graphql.js';
import { createRoutes } from './rest.js';

const pool = new pg.Pool({ max: 16, ...parseIntoClientConfig(process.env['DATABASE_URL']!) });
const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
const apollo = new ApolloServer({ typeDefs, resolvers: createResolvers(prisma) });
await apollo.start();

const app = express();
app.use(async (request, response, next) => {
  const key = request.headers.authorization?.slice('Token '.length) ?? '';
  const token = await prisma.apiToken.findUnique({ where: { hash: sha256(key) } });
  if (token) next();
  else response.status(401).json({ detail: 'Invalid token.' });
});
app.use(express.json({ limit: '32mb' }));
app.use('/graphql', expressMiddleware(apollo));
app.use('/api/v1', createRoutes(prisma));

const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`peer listening on http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
