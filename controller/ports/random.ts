/** The only source of chance, so that one seed decides a whole simulated run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
}
