// Receivers from the registries.
export async function others() {
  return [];
}
