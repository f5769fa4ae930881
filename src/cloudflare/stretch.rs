//! Passwords made hard to guess back, by the runtime's WebCrypto.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, WorkerGlobalScope};

use crate::error::Trouble;

/// See [Cloudflare docs: Web Crypto](https://developers.cloudflare.com/workers/runtime-apis/web-crypto/): 100,000 rounds at most.
pub async fn stretch(password: &str, salt: &str, rounds: u32) -> Result<[u8; 32], Trouble> {
    let bits =
        derive(password, salt, rounds).await.map_err(|_| Trouble::Network("WebCrypto does not answer".to_owned()))?;
    bits.try_into().map_err(|_| Trouble::Network("WebCrypto gave another length".to_owned()))
}

async fn derive(password: &str, salt: &str, rounds: u32) -> Result<Vec<u8>, JsValue> {
    let subtle = js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto()?.subtle();
    let bytes = Uint8Array::from(password.as_bytes());
    let uses = Array::of1(&"deriveBits".into());
    let key: CryptoKey =
        JsFuture::from(subtle.import_key_with_str("raw", bytes.unchecked_ref(), "PBKDF2", false, &uses)?)
            .await?
            .unchecked_into();
    let how = Object::new();
    Reflect::set(&how, &"name".into(), &"PBKDF2".into())?;
    Reflect::set(&how, &"hash".into(), &"SHA-256".into())?;
    Reflect::set(&how, &"salt".into(), &Uint8Array::from(salt.as_bytes()))?;
    Reflect::set(&how, &"iterations".into(), &rounds.into())?;
    let bits = JsFuture::from(subtle.derive_bits_with_object(&how, &key, 256)?).await?;
    Ok(Uint8Array::new(&bits).to_vec())
}
