// An OpenID provider on this machine, certified software with its own sign-in pages: node openid.mjs PORT REDIRECT_URI
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { say } from './lines.mjs';

const [port, redirect] = process.argv.slice(2);
const people = {
  lotte: { name: 'Lotte Aertsen', roles: ['HomeNurse'] },
  ward: { name: 'Ward Zonderrol', roles: [] },
};
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'careteam', client_secret: 'only-for-this-test', redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_post' }],
  claims: { openid: ['sub'], profile: ['name', 'roles'] },
  conformIdTokenClaims: false, // the name and the roles in the identity token, as Entra ID does
  findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'test' }] },
  cookies: { keys: ['only-for-this-test'] },
  pkce: { required: () => true },
});
provider.listen(Number(port), '127.0.0.1', () => say({ event: 'listening' }));
