// An OpenID provider on this machine, certified software with its own sign-in pages: node openid.mjs PORT REDIRECT_URI
// Commands: close(account) takes an account away; give(account, roles) changes its roles.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { say, serve } from './lines.mjs';

const [port, redirect] = process.argv.slice(2);
const portal = new URL(redirect).origin;
const people = {
  lotte: { name: 'Lotte Aertsen', roles: ['HomeNurse'] },
  mieke: { name: 'dr. Mieke Huisarts', roles: ['GeneralPractitioner'] },
  ward: { name: 'Ward Zonderrol', roles: [] },
  piet: { name: 'Piet Spelregels', roles: ['GovernanceOfficer'] },
};
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'careteam', client_secret: 'only-for-this-test', redirect_uris: [redirect], post_logout_redirect_uris: [`${portal}/sign-in`], token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'], backchannel_logout_uri: `${portal}/sign-out/back-channel`, backchannel_logout_session_required: true,
  }],
  claims: { openid: ['sub', 'sid'], profile: ['name', 'roles'] },
  conformIdTokenClaims: false, // the name and the roles in the identity token, as Entra ID does
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'test' }] },
  cookies: { keys: ['only-for-this-test'] },
  pkce: { required: () => true },
});
provider.listen(Number(port), '127.0.0.1', () => say({ event: 'listening' }));
await serve({
  close: account => { delete people[account]; },
  give: (account, roles) => { people[account].roles = roles; },
});
