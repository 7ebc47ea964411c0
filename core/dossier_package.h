/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DOSSIER_PACKAGE_H
#define CORE_DOSSIER_PACKAGE_H

#include "archive/package.h"
#include "core/core.h"
#include "core/record.h"

/* The records of the store that a package holds, as they were packed. */
struct dossier_package_basis {
	const struct record *records;
	size_t count;
};

/*
 * What goes into a dossier's container: its files, the records it rests on
 * (decision, document, grants, unit), the receipts of the log for these, and
 * the fields of EAD that are known of it.  Everything lies in the arena; files
 * are read from the store when the package is made.
 *
 * The same revisions give the same package, whatever the log got meanwhile:
 * all receipts are by the checkpoint behind the last leaf that tells of them.
 *
 * Thread:  worker; audit_checkpoint_of().
 */
int dossier_package_fill(struct package_spec *spec,
    struct dossier_package_basis *basis_out, const struct core *core,
    struct snapshot *snapshot, struct arena *arena,
    const struct record *dossier, struct fault *fault);

#endif
