/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_DOSSIER_HTTP_H
#define API_DOSSIER_HTTP_H

#include "api/request.h"

/* GET /dossiers/{id}/missing: components the rules of its date demand. */
int dossier_http_missing(struct request *request, struct fault *fault);
/* GET /dossiers/{id}/files/{sha256}: an attachment's bytes. */
int dossier_http_file(struct request *request, struct fault *fault);
/* GET /documents/{id}/files/{sha256}. */
int dossier_http_document_file(struct request *request, struct fault *fault);
/* GET /dossiers/{id}/examinations: what its files' signatures are worth. */
int dossier_http_examinations(struct request *request, struct fault *fault);
/* GET /documents/{id}/examinations. */
int dossier_http_document_examinations(struct request *request,
    struct fault *fault);
/* POST /dossiers/{id}/seal: archive it as a signed container. */
int dossier_http_seal(struct request *request, struct fault *fault);
/* GET /dossiers/{id}/package: the signed container. */
int dossier_http_package(struct request *request, struct fault *fault);

/* GET /decisions/{id}/grants. */
int dossier_http_grants(struct request *request, struct fault *fault);
/* GET /documents?reference=. */
int dossier_http_find_documents(struct request *request, struct fault *fault);

#endif
