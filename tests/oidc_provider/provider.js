// A real OpenID provider for the tests: one client, and the people that standard input names.
//
//   node provider.js < '{"publicUrl": "...", "people": {"karen": {"name": "Karen Holm", ...}}}'
//
// Any password fits. Each further line of standard input replaces the people, as when somebody's roles are
// changed; each is answered with the issuer. It ends when its standard input does.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const CLAIMS = ["name", "preferred_username", "roles"];
// Its warnings that it is set up for tests are not for standard output, where the issuer goes.
console.info = console.error;
let people = {};
let issuer = "";

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const told = JSON.parse(line);
  people = told.people;
  if (issuer) console.log(issuer);
  else listen(told.publicUrl);
});
lines.on("close", () => process.exit(0));

function listen(publicUrl) {
  const server = createServer();
  server.listen(0, "127.0.0.1", () => {
    issuer = `http://127.0.0.1:${server.address().port}`;
    server.on("request", new Provider(issuer, configuration(publicUrl)).callback());
    console.log(issuer);
  });
}

function configuration(publicUrl) {
  return {
    clients: [
      {
        client_id: "digispor",
        client_secret: "a-client-secret-for-tests",
        redirect_uris: [`${publicUrl}/console/sign-in/provider/answer`],
        post_logout_redirect_uris: [`${publicUrl}/console/sign-in`],
        backchannel_logout_uri: `${publicUrl}/openid/sign-out`,
        backchannel_logout_session_required: true,
      },
    ],
    // Claims stand in the id token itself, as most providers of municipalities are set up.
    conformIdTokenClaims: false,
    claims: { openid: ["sub", ...CLAIMS], profile: CLAIMS },
    features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    // Its own fetch refuses loopback addresses, where the console under test is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    pkce: { required: () => true },
    cookies: { keys: ["a-cookie-key-for-tests"] },
    findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
    renderError: (ctx, out) => {
      ctx.type = "text";
      ctx.body = JSON.stringify(out);
    },
  };
}
