/** What prepares the machine. It is plain JavaScript, for it also runs before lib/ is compiled. */
export const bootstrap = () => import("../../scripts/bootstrap/index.mjs");
