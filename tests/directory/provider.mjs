// An OpenID Connect provider on 127.0.0.1 with a sign-in page of its own, where any password is right.
// node provider.mjs PACKAGES PORT BACK OUT TOLD PEOPLE CLIENT SECRET
// TOLD is where it posts who has signed out. PEOPLE is JSON: what each login is known by, and its `acr`. Its keys are new at each start. It prints its address once it answers.
import http from 'node:http'
import path from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { pathToFileURL } from 'node:url'
const [packages, port, back, out, told, people, client, secret] = process.argv.slice(2)
const { default: Provider } = await import(pathToFileURL(path.join(packages, 'oidc-provider/lib/index.js')))

const known = JSON.parse(people)
const server = http.createServer()
await new Promise((ready) => server.listen(Number(port), '127.0.0.1', ready))
const issuer = `http://127.0.0.1:${server.address().port}`
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const provider = new Provider(issuer, {
  clients: [{
    client_id: client, client_secret: secret, redirect_uris: [back], post_logout_redirect_uris: [out],
    grant_types: ['authorization_code'], response_types: ['code'],
    backchannel_logout_uri: told, backchannel_logout_session_required: true
  }],
  features: { backchannelLogout: { enabled: true } },
  // It would post to no address on this machine by itself.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  jwks: { keys: [{ ...key, kid: `key-${Date.now()}`, alg: 'RS256', use: 'sig' }] },
  cookies: { keys: ['for tests'] },
  acrValues: ['one', 'two'],
  claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_, login) => known[login] && { accountId: login, claims: () => ({ sub: login, ...known[login] }) }
})
// How strong a sign-in was is what PEOPLE says of its login, since the sign-in page here asks for any password alone.
Object.defineProperty(provider.Session.prototype, 'acr', { get () { return known[this.accountId]?.acr }, set () {} })
server.on('request', provider.callback())
process.stdout.write(`${issuer}\n`)
process.stdin.on('end', () => process.exit(0)).resume()
