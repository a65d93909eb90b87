/** Something that whoever sets up has to change; the message says what it is and how. */
export class SetupProblem extends Error {
  /**
   * @param {string} message
   * @param {{ exitCode?: number }} [options] 2: a matter of the machine; 1: the build itself failed
   */
  constructor(message, { exitCode = 2 } = {}) {
    super(message);
    this.name = "SetupProblem";
    this.exitCode = exitCode;
  }
}
