// One server of a Bluesky network for tests, on 127.0.0.1 only.
// node network.js FOLDER plc                       the directory of accounts; it forgets all when its process ends
// node network.js FOLDER pds PORT DATA PLC_URL     a server of accounts, which keeps what it has in DATA
// FOLDER has the packages. It prints its address once it answers, and ends on SIGTERM or when its input closes.
const net = require('node:net'), path = require('node:path'), { createRequire } = require('node:module')
const [folder, what, port, data, directory] = process.argv.slice(2)
const packages = createRequire(path.join(folder, 'package.json'))

// Both servers would listen on every address.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  const local = typeof first === 'number'
  return local ? listen.call(this, first, '127.0.0.1', ...rest.filter((one) => typeof one === 'function')) : listen.call(this, first, ...rest)
}

function plc(free) {
  const { Database, PlcServer } = packages('@did-plc/server')
  return PlcServer.create({ db: Database.mock(), port: free })
}

function pds(free) {
  const { PDS, envToCfg, envToSecrets } = packages('@atproto/pds')
  const nowhere = 'http://127.0.0.1:9'
  const settings = {
    devMode: true, port: free, hostname: 'localhost', dataDirectory: data, blobstoreDiskLocation: path.join(data, 'blobs'),
    adminPassword: 'admin-pass', jwtSecret: 'jwt-secret', plcRotationKeyK256PrivateKeyHex: '11'.repeat(32),
    serviceHandleDomains: ['.test'], didPlcUrl: directory, inviteRequired: false, disableSsrfProtection: true,
    bskyAppViewUrl: nowhere, bskyAppViewDid: 'did:example:none', bskyAppViewCdnUrlPattern: nowhere + '/%s/%s/%s', crawlers: [],
    modServiceUrl: nowhere, modServiceDid: 'did:example:none', rateLimitsEnabled: false,
  }
  return PDS.create(envToCfg(settings), envToSecrets(settings))
}

const freePort = () => new Promise((found) => {
  const probe = net.createServer()
  probe.listen(0, () => { const { port } = probe.address(); probe.close(() => found(port)) })
})

async function main() {
  const own = Number(port) || await freePort()
  const server = await { plc, pds }[what](own)
  await server.start()
  console.log(`http://127.0.0.1:${own}`)
  const end = async () => { await server.destroy().catch(() => {}); process.exit(0) }
  process.on('SIGTERM', end)
  process.stdin.resume().on('end', end)
}
main().catch((error) => { console.error(error); process.exit(1) })
