// Starts a real AT Protocol network on the loopback address: a DID directory, a PDS and Bluesky's own AppView.
// It makes no accounts and no posts. Says where its servers are in one line of JSON; ends when its input closes.
import net from 'node:net'
import { mockNetworkUtilities, TestBsky, TestBsync, TestPds, TestPlc } from '@atproto/dev-env'

// The servers listen on every address by default; a test has nothing to say to other machines.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  if (typeof where === 'number') where = { port: where, host: '127.0.0.1' }
  else if (where && typeof where === 'object' && 'port' in where) where = { ...where, host: '127.0.0.1' }
  return listen.call(this, where, ...rest.filter((one) => typeof one === 'function'))
}

const database = process.env.DB_POSTGRES_URL
const noModeration = 'did:example:nobody'
const plc = await TestPlc.create({})
const probe = net.createServer().listen(0)
await new Promise((ready) => probe.once('listening', ready))
const pdsPort = probe.address().port
await new Promise((closed) => probe.close(closed))
const bsync = await TestBsync.create({ apiKeys: ['bsync-api-key'], dbUrl: database, dbSchema: 'bsync' })
const bsky = await TestBsky.create({
  plcUrl: plc.url,
  pdsPort,
  bsyncApiKey: 'bsync-api-key',
  bsyncUrl: bsync.url,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresSchema: 'appview',
  dbPostgresUrl: database,
  redisHost: process.env.REDIS_HOST,
  modServiceDid: noModeration,
})
bsync.ctx.dataplaneClients = [bsky.ctx.dataplane]
const pds = await TestPds.create({
  port: pdsPort,
  didPlcUrl: plc.url,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
  modServiceDid: noModeration,
})
mockNetworkUtilities(pds, bsky)

console.log(JSON.stringify({ plc: plc.url, pds: pds.url, appview: bsky.url }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
