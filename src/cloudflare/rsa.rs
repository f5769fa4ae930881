//! Signatures with RSA, looked at by the runtime's WebCrypto.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, WorkerGlobalScope};

use crate::access::PublicKey;
use crate::error::Trouble;

/// A key that is none has signed nothing.
pub async fn is_signed_by(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<bool, Trouble> {
    let Ok(key) = import(key).await else { return Ok(false) };
    verify(&key, signed, signature).await.map_err(|_| Trouble::Network("WebCrypto does not answer".to_owned()))
}

const NAME: &str = "RSASSA-PKCS1-v1_5";

fn subtle() -> Result<web_sys::SubtleCrypto, JsValue> {
    Ok(js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto()?.subtle())
}

async fn import(key: &PublicKey) -> Result<CryptoKey, JsValue> {
    let jwk = Object::new();
    for (name, value) in [("kty", "RSA"), ("alg", "RS256"), ("n", key.n.as_str()), ("e", key.e.as_str())] {
        Reflect::set(&jwk, &name.into(), &value.into())?;
    }
    let how = Object::new();
    Reflect::set(&how, &"name".into(), &NAME.into())?;
    Reflect::set(&how, &"hash".into(), &"SHA-256".into())?;
    let uses = Array::of1(&"verify".into());
    let key = JsFuture::from(subtle()?.import_key_with_object("jwk", &jwk, &how, false, &uses)?).await?;
    Ok(key.unchecked_into())
}

async fn verify(key: &CryptoKey, signed: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let fits = subtle()?.verify_with_str_and_u8_array_and_u8_array(NAME, key, signature, signed)?;
    Ok(JsFuture::from(fits).await?.is_truthy())
}
